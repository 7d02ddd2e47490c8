module example.org/src

go 1.19
