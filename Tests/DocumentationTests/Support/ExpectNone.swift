import Testing

/// Reports each finding as an issue of its own.
func expectNone(_ findings: [String], at location: SourceLocation = #_sourceLocation) {
  for finding in findings { Issue.record("\(finding)", sourceLocation: location) }
}
