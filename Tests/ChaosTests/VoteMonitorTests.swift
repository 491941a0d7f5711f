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

  private func proposal(_ block: UInt64, view: UInt64 = 7, epoch: Epoch = .first) -> Proposal {
    Proposal(epoch: epoch, view: View(view), parent: View(view - 1), block: Digest(block, 0, 0, 0))
  }

  private var nullify: Statement { .nullify(epoch: .first, view: View(7)) }

  /// What the monitor finds if the statements are in the logs of different nodes.
  private func finding(
    _ statements: [Statement], excused: ClosedRange<Round>? = nil, later names: [String]? = nil
  ) -> String? {
    let monitor = VoteMonitor(genesis)
    if let names { monitor.note(names, of: Epoch(1)) }
    if let excused { monitor.excuse("\(genesis.validators[2].name)", in: excused) }
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
    #expect(finding(pair, excused: round(5)...round(7)) == nil)
    #expect(finding(pair, excused: round(8)...round(9)) != nil)
  }

  private func round(_ view: UInt64, epoch: Epoch = .first) -> Round { Round(epoch: epoch, view: View(view)) }

  @Test("An index means something only together with its epoch: an excuse follows the name")
  func epochs() throws {
    let epoch = Epoch(1)
    let pair = (1...2).map { Statement.notarize(proposal($0, epoch: epoch)) }
    let excused = round(5, epoch: epoch)...round(7, epoch: epoch)
    let names = genesis.validators.map { "\($0.name)" }
    #expect(finding(pair, excused: excused, later: names) == nil)
    let others = [names[0], names[2], "node5"]
    let found = try #require(finding(pair, excused: excused, later: others))
    #expect(found.contains("by node5") && found.contains("view 7 of epoch 1"), "\(found)")
    // Of an epoch whose validators are not known nobody is excused.
    #expect(finding(pair, excused: excused)?.contains("validator 2") == true)
    #expect(finding([.notarize(proposal(1)), pair[1]]) == nil)
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
