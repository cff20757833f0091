import '@emilua/ip'
