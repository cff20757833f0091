name = 'plain'
