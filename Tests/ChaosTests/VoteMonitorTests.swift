import BlockLog
import Foundation
import Ledger
import LedgerJSON
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

@testable import chaos

@Testing.Suite("The monitor of votes")
struct VoteMonitorTests {
  private let genesis: Genesis
  private let validator = ValidatorIndex(2)

  init() throws { genesis = try ReplicaHarness().population.genesis }

  private func proposal(_ block: UInt64, view: UInt64 = 7) -> Proposal {
    Proposal(epoch: .first, view: View(view), parent: View(view - 1), block: Digest(block, 0, 0, 0))
  }

  private var nullify: Statement { .nullify(epoch: .first, view: View(7)) }

  /// What the monitor finds if the statements are in the logs of different nodes.
  private func finding(_ statements: [Statement], excused: ClosedRange<View>? = nil) -> String? {
    let monitor = VoteMonitor(genesis)
    if let excused { monitor.excuse(validator, in: excused) }
    for (index, statement) in statements.enumerated() {
      monitor.add(statement, by: [validator], in: "node\(index + 1)")
    }
    do throws(ChaosError) {
      _ = try monitor.verdict()
      return nil
    } catch {
      return "\(error.code): \(error.explanation)"
    }
  }

  @Test("Two statements of one validator that exclude each other are found, in whoever's logs they are")
  func contradictions() throws {
    let finals = (1...2).map { Statement.finalize(proposal(1), result: Digest($0, 0, 0, 0)) }
    for pair in [
      [.notarize(proposal(1)), .notarize(proposal(2))], finals, [nullify, finals[0]], [finals[0], nullify],
    ] {
      let found = try #require(finding(pair), "\(pair)")
      #expect(found.hasPrefix("chaos.broken.oneVote: 1 contradictions"))
      for part in ["log of node1", "log of node2", "view 7"] { #expect(found.contains(part), "\(found)") }
    }
  }

  @Test("What a correct validator says is no contradiction: a notarize before a nullify, repeats, other views")
  func legal() {
    let notarize = Statement.notarize(proposal(1))
    #expect(finding([notarize, nullify, notarize, nullify, .notarize(proposal(2, view: 8))]) == nil)
    #expect(finding([notarize, .finalize(proposal(1), result: .zero)]) == nil)
  }

  @Test("A contradiction is excused only for the validator and in the views for which it has an excuse")
  func excuses() {
    let pair = [Statement.notarize(proposal(1)), .notarize(proposal(2))]
    #expect(finding(pair, excused: View(5)...View(7)) == nil)
    #expect(finding(pair, excused: View(8)...View(9)) != nil)
  }

  @Test("Votes and certificates are read from a node's log, and votes from before a wipe are remembered")
  func logs() throws {
    let directory = try TemporaryDirectory()
    let monitor = VoteMonitor(genesis)
    let signature = Signature(first: .zero, second: .zero)
    let certificate = Certificate(
      statement: nullify, signers: [ValidatorIndex(0), validator], signatures: [signature, signature])
    let vote = Vote(statement: .finalize(proposal(1), result: .zero), signer: validator, signature: signature)
    for (kind, payload) in [(LogEntryKind.certificate, certificate.encoded()), (.vote, vote.encoded())] {
      var log = try BlockLog.create(
        try FileDisk(path: directory.path), owner: .anyone(of: genesis.chain.genesis), options: LogOptions())
      _ = try log.append(kind: kind.rawValue, height: .genesis, payload: payload)
      _ = try log.sync()
      #expect(throws: Never.self) { try monitor.verdict() }
      try monitor.read(directory.path, of: "node3")
      try FileManager.default.removeItem(atPath: directory.path)
    }
    try monitor.read(directory.path, of: "node3")
    #expect(throws: ChaosError.self) { try monitor.verdict() }
  }
}
