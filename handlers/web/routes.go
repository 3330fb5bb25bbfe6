package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/surface"
)

// A Route is a row of the table of all routes.
type Route struct {
	Method, Path string
	Surface      surface.Surface
	Who          Access
	Handle       func(*gin.Context) error
}

// Declared returns list if every route declares the materials it reads, and panics otherwise.
func Declared(list []Route) []Route {
	for _, r := range list {
		if !r.Who.declared {
			panic("the route " + r.Method + " " + r.Path + " does not declare what it opens")
		}
	}
	return list
}

// Get returns the route of a page or file.
func Get(path string, on surface.Surface, who Access, handle func(*gin.Context) error) Route {
	return Route{http.MethodGet, path, on, who, handle}
}

// Post returns the route of a form.
func Post(path string, on surface.Surface, who Access, handle func(*gin.Context) error) Route {
	return Route{http.MethodPost, path, on, who, handle}
}

// Put returns the route of a field's autosave.
func Put(path string, on surface.Surface, who Access, handle func(*gin.Context) error) Route {
	return Route{http.MethodPut, path, on, who, handle}
}
