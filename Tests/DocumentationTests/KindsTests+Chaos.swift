import Testing

@testable import chaos

// Apart, because the simulation has faults of its own.
extension KindsTests {
  @Test("Every fault of chaos is in chaos.md, and no others")
  func faultsOfChaos() throws {
    let document = try Project.shared.get().document("Documentation/chaos.md")
    expectNone(Self.findings(Self.firstCells(document, header: "Fault"), FaultKind.allCases.map(\.rawValue)))
  }
}
