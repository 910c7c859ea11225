module orders

go 1.25

require github.com/danielgtaylor/huma/v2 v2.37.2
