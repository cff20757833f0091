--
-- needs: capsicum
spawn_vm{
  subprocess = {
    init = { script = "C.cap_enter()" }
  }
}
print('spawned')
