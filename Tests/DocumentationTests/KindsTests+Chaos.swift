import Testing

@testable import chaos

// A separate file, because the simulation has its own type of the same name for faults.
extension KindsTests {
  @Test("Every fault of chaos is in chaos.md, and no others")
  func faultsOfChaos() throws {
    let document = try Project.shared.get().document("Documentation/chaos.md")
    expectNone(Self.findings(Self.firstCells(document, header: "Fault"), FaultKind.allCases.map(\.rawValue)))
  }

  @Test("Every play of the hostile validator is in chaos.md, and no others")
  func playsOfChaos() throws {
    let document = try Project.shared.get().document("Documentation/chaos.md")
    expectNone(Self.findings(Self.firstCells(document, header: "Play"), HostilePlay.allCases.map(\.rawValue)))
  }
}
