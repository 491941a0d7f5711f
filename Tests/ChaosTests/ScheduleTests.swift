import Testing

@testable import chaos

@Suite
struct ScheduleTests {
  private func schedule(seed: UInt64, nodes: Int = 4) -> [String] {
    Schedule(seed: seed, kinds: FaultKind.allCases, nodes: nodes, smallDisk: 2, isOnce: true).map(\.description)
  }

  @Test("A seed always gives the same schedule, and another seed a different one")
  func isDeterministic() {
    #expect(schedule(seed: 7) == schedule(seed: 7))
    #expect(schedule(seed: 7) != schedule(seed: 8))
  }

  @Test("Every fault occurs once in a round, and never hits more nodes at a time than the chain tolerates")
  func roundsAndBounds() {
    for nodes in [4, 7, 10] {
      for seed in 0..<50 as Range<UInt64> {
        let steps = Array(
          Schedule(seed: seed, kinds: FaultKind.allCases, nodes: nodes, smallDisk: 2, isOnce: true))
        #expect(Set(steps.flatMap(\.faults).map(\.kind)) == Set(FaultKind.allCases))
        #expect(steps.flatMap(\.faults).count == FaultKind.allCases.count)
        for step in steps {
          let struck = step.faults.map(\.node)
          #expect(Set(struck).count == struck.count, "seed \(seed), \(nodes) nodes: \(step)")
          #expect(struck.count <= Schedule.tolerated(nodes))
          #expect(step.faults.count == 1 || step.faults.allSatisfy { $0.kind.isOfOneNode })
          #expect(step.faults.allSatisfy { $0.kind != .fullDisk || $0.node == 2 })
        }
      }
    }
  }

  @Test("A list of faults is read strictly")
  func lists() throws {
    #expect(try FaultKind.list("kill,one-way,full-disk") == [.kill, .oneWay, .fullDisk])
    #expect(throws: ChaosError.self) { try FaultKind.list("kill,flood") }
  }
}
