error({ 'mine' })
