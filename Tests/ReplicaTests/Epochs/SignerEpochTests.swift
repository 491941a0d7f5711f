import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("A signer elsewhere and the end of an epoch")
final class SignerEpochTests: EpochHistory {
  init() throws { try super.init(isSignerElsewhere: true) }

  private var floor: Round { harness.signerFloor }

  @Test("R49: a signer learns what is final, and that an epoch began, only once the log says so durably")
  func floors() throws {
    try harness.finalize([blocks[0]])
    #expect(floor == Round(epoch: .first, view: View(1)))
    try harness.propose(blocks[1], view: 2, parent: 1)
    try harness.certify(blocks[1], view: 2, parent: 1)
    harness.isDiskPrompt = false
    harness.receive(.certificate(closing), from: 1)
    #expect(begun == [Epoch(1)])
    #expect(floor == Round(epoch: .first, view: View(1)))
    harness.epoch = Epoch(1)
    harness.forgetSent()
    let block = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(block, view: 1)
    #expect(harness.signings.isEmpty && harness.log.last?.kind == .statement)
    harness.isDiskPrompt = true
    harness.sync()
    #expect(floor == Round(epoch: Epoch(1), view: .genesis))
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
  }

  @Test(
    "R49: a node that loses power before the end of an epoch is durable says again what it said, and its signer signs it"
  )
  func powerLoss() throws {
    try certifyClosing()
    let said = harness.votes.filter { $0.view == View(2) }
    #expect(said.map(\.kind) == [.notarize, .finalize])
    harness.isDiskPrompt = false
    harness.receive(.certificate(closing), from: 1)
    #expect(begun == [Epoch(1)])
    harness.forgetSent()
    harness.isDiskPrompt = true
    try harness.restart()
    #expect(harness.votes == said)
    harness.receive(.certificate(closing), from: 1)
    #expect(begun == [Epoch(1)] && harness.stopReason == nil)
  }
}
