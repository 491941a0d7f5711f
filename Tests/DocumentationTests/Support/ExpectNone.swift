import Testing

/// Reports each finding as a separate issue.
func expectNone(_ findings: [String], at location: SourceLocation = #_sourceLocation) {
  for finding in findings { Issue.record("\(finding)", sourceLocation: location) }
}
