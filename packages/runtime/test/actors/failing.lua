error('on purpose', 0)
