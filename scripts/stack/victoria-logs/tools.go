//go:build tools

// Package tools pins VictoriaLogs: go.mod names a version of VictoriaMetrics that the module proxy serves.
package tools

import _ "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs"
