-- Works longer than the program.
require 'time'.sleep(0.05)
print('late is through')
