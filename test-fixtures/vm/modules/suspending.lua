this_fiber.yield()
require 'time'.sleep(0)
name = 'came back'
