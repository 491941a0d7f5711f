import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Changes of the validators, step by step")
struct SetHistoriesTests {
  @Test("one validator becomes four, seven, four and one again, and every set goes on")
  func sizes() {
    let harness = SimulationHarness.changing(validators: 1, spares: 6)
    #expect(harness.list(1..<7))
    #expect(harness.change(adding: [1, 2, 3]))
    #expect(harness.grow(2, by: 3))
    #expect(harness.change(adding: [4, 5, 6]))
    #expect(harness.grow(2, by: 6))
    #expect(harness.change(removing: [1, 3, 5]))
    #expect(harness.seats == [0, 2, 4, 6])
    #expect(harness.grow(2, by: 1), "an observer takes transactions, too")
    #expect(harness.change(removing: [0, 2, 4]))
    #expect(harness.seats == [6])
    #expect(harness.grow(2, by: 0))
    #expect(harness.epoch == 4)
    #expect(harness.violation == nil)
  }

  @Test("one becomes two, and one again, though a quorum of two is both")
  func two() {
    let harness = SimulationHarness.changing(validators: 1, spares: 1)
    #expect(harness.list(1..<2))
    #expect(harness.change(adding: [1]))
    #expect(harness.grow(2, by: 1))
    #expect(harness.change(removing: [0]))
    #expect(harness.grow(2, by: 0))
    #expect(harness.violation == nil)
  }

  @Test("all validators are replaced at once")
  func replaced() {
    let harness = SimulationHarness.changing(validators: 4, spares: 4)
    #expect(harness.list(4..<8))
    #expect(harness.change(adding: [4, 5, 6, 7], removing: [0, 1, 2, 3]))
    #expect(harness.seats == [4, 5, 6, 7])
    #expect(harness.grow(3, by: 0))
    #expect(harness.violation == nil)
  }

  @Test("a removed validator that goes on voting is heard by nobody")
  func voting() throws {
    let harness = SimulationHarness.changing(validators: 4, spares: 1, puppets: 1)
    #expect(harness.list(4..<5))
    #expect(harness.change(adding: [4], removing: [3]))
    let block = harness.nextBlock()
    let epoch = Epoch(harness.epoch)
    for view in UInt64(1)...6 {
      let proposal = Proposal(epoch: epoch, view: View(view), parent: .genesis, block: block.digest)
      harness.send(.vote(harness.vote(.notarize(proposal), as: 3)))
      harness.send(.vote(harness.vote(.nullify(epoch: epoch, view: View(view)), as: 3)))
    }
    #expect(harness.grow(4, by: 4))
    #expect(harness.violation == nil)
  }

  @Test("two changes in a row: the second names what the first leads to, or has no effect")
  func row() {
    let harness = SimulationHarness.changing(validators: 4, spares: 2)
    #expect(harness.list(4..<6))
    let before = harness.cluster.chain.model.configurationDigest
    #expect(harness.change(adding: [4]))
    harness.administer([.validatorRemove(name: Population.nodeName(0), configuration: before)])
    #expect(harness.grow(1))
    #expect(harness.seats == [0, 1, 2, 3, 4])
    #expect(harness.change(removing: [0]))
    #expect(harness.change(adding: [5]))
    #expect(harness.seats == [1, 2, 3, 4, 5])
    #expect(harness.epoch == 3)
    #expect(harness.violation == nil)
  }

  @Test("all vote keys change at once; the old ones are destroyed, and every node goes on with its log after a crash")
  func keys() {
    let harness = SimulationHarness.changing(validators: 4, spares: 0)
    #expect(harness.run(atMost: 10 * harness.delta) { harness.isLevel })
    let old = harness.cluster.nodes.map(\.keys.current)
    #expect(harness.change(rekeying: [0, 1, 2, 3]))
    #expect(
      harness.run(atMost: 10 * harness.delta) {
        zip(harness.cluster.nodes, old).allSatisfy { !$0.keys.all.contains($1) } && harness.isLevel
      })
    for (node, key) in zip(harness.cluster.nodes, old) { #expect(!node.keys.all.contains(key)) }
    for node in harness.cluster.nodes { harness.cluster.crash(node, losingPower: true, for: 1000...20_000) }
    harness.run(100_000)
    #expect(harness.cluster.nodes.allSatisfy { $0.run?.replica.isListening == false })
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("a newcomer whose log was made anew listens first, and then votes")
  func listening() {
    let harness = SimulationHarness.changing(validators: 4, spares: 1)
    harness.cluster.loseDirectory(of: harness.cluster.nodes[4])
    #expect(harness.run(atMost: 30 * harness.delta) { harness.cluster.nodes[4].run != nil })
    #expect(harness.list(4..<5))
    #expect(harness.change(adding: [4]))
    #expect(harness.grow(8))
    #expect(harness.cluster.nodes[4].run?.replica.isListening == false)
    #expect(harness.violation == nil)
  }
}
