"""Resources that are about the same, as a whole or in one facet: background, method, result."""
