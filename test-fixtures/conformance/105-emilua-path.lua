-- external packages from the EMILUA_PATH list, in order
-- env: EMILUA_PATH=$DIR/epath1:$DIR/epath2
print(require('extpkg').where, require('second').where)
print(require('extdir').where)
