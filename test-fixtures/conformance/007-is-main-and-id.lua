--
print(this_fiber.is_main, type(this_fiber.id))
local other
spawn(function()
    print(this_fiber.is_main)
    other = this_fiber.id
end):join()
print(other ~= this_fiber.id, #other > 0)
