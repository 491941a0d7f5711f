/// The codes of what only somebody outside a node can find out.
enum WhyCode: String, CaseIterable {
  case notRunning = "node.not-running"
  case suspended = "node.suspended"
  case notAnswering = "node.not-answering"
  case clocksDiffer = "clock.differs"
  case versionsDiffer = "node.versions-differ"
}
