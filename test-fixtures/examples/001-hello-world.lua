--
print("Hello World")
