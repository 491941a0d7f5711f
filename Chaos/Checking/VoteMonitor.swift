import BlockLog
import Foundation
import Ledger
import Primitives
import Replica
import Synchronization

/// Compares every vote in the nodes' logs, own ones and those in certificates, across all nodes and all their restarts:
/// no validator may have made two statements that exclude each other. Logs that are about to be lost are read before.
final class VoteMonitor: Sendable {
  /// Votes for one statement of one view, by validator: in whose log they were seen first.
  private struct Cast {
    var statement: Statement
    var signers: [ValidatorIndex: String]
  }

  private struct State {
    var casts: [Round: [Cast]] = [:]
    var contradictions: [Contradiction] = []
    /// By a validator's name.
    var excuses: [String: [ClosedRange<Round>]] = [:]
    /// The validators' names in the order of their indices, of each epoch.
    var names: [Epoch: [String]]
    var figures = Figures()
  }

  /// What was compared.
  struct Figures: Codable, Equatable, Sendable {
    /// Votes of one validator for one statement, each counted once.
    var votes = 0
    var views = 0
    /// Logs that were read.
    var logs = 0
    /// Contradictions of a validator while its key was in use twice, or its disk had forgotten votes.
    var excused = 0
  }

  private struct Contradiction {
    /// An index of the statements' epoch.
    var validator: ValidatorIndex
    var first: Statement
    var firstLog: String
    var second: Statement
    var secondLog: String
  }

  private let genesis: Genesis
  private let state: Mutex<State>

  init(_ genesis: Genesis) {
    self.genesis = genesis
    state = Mutex(State(names: [.first: genesis.validators.map { "\($0.name)" }]))
  }

  /// Notes the names of an epoch's validators, in the order of their indices. Nobody can be excused in an epoch whose
  /// validators are not known.
  func note(_ names: [String], of epoch: Epoch) { state.withLock { $0.names[epoch] = names } }

  /// Reads the log in a folder, whether or not its node is running. A log without a segment has nothing to read.
  func read(_ folder: String, of node: String) throws {
    let segments = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard segments.contains(where: { $0.hasSuffix(".segment") }) else { return }
    let log = LogReader(
      try FileDisk(path: folder, access: .readOnly), owner: .anyone(of: genesis.chain.genesis))
    // What follows a damage was read before the damage, or is read again after its repair.
    var (_, records) = try log.inspect()
    while let record = try records.next() {
      switch LogEntryKind(rawValue: record.kind) {
      case .vote:
        let vote = try Vote(payload: record.payload)
        add(vote.statement, by: [vote.signer], in: node)
      case .certificate:
        let certificate = try Certificate(payload: record.payload)
        add(certificate.statement, by: certificate.signers, in: node)
      default: break
      }
    }
    state.withLock { $0.figures.logs += 1 }
  }

  /// Adds a statement that validators made, as the log of `node` has it.
  func add(_ statement: Statement, by signers: [ValidatorIndex], in node: String) {
    state.withLock { state in
      var casts = state.casts[statement.round] ?? []
      for cast in casts where cast.statement.contradicts(statement) {
        for signer in signers {
          guard let log = cast.signers[signer] else { continue }
          // Once for each pair, though later logs repeat it.
          if casts.contains(where: { $0.statement == statement && $0.signers[signer] != nil }) { continue }
          state.contradictions.append(
            Contradiction(
              validator: signer, first: cast.statement, firstLog: log, second: statement, secondLog: node))
        }
      }
      let place = casts.firstIndex { $0.statement == statement } ?? casts.count
      if place == casts.count { casts.append(Cast(statement: statement, signers: [:])) }
      for signer in signers where casts[place].signers[signer] == nil {
        casts[place].signers[signer] = node
        state.figures.votes += 1
      }
      state.casts[statement.round] = casts
    }
  }

  /// Excuses a validator in some rounds, because what was done to it is what its operator must never do, or its disk
  /// does not keep what it promises.
  func excuse(_ validator: String, in rounds: ClosedRange<Round>) {
    state.withLock { $0.excuses[validator, default: []].append(rounds) }
  }

  /// What was compared. Throws if a validator contradicted itself without an excuse.
  func verdict() throws(ChaosError) -> Figures {
    let (figures, broken, name) = state.withLock { state -> (Figures, [Contradiction], String?) in
      let broken = state.contradictions.filter { found in
        let name = VoteMonitor.name(of: found, state.names) ?? ""
        return !(state.excuses[name] ?? []).contains { $0.contains(found.first.round) }
      }
      var figures = state.figures
      figures.views = state.casts.count
      figures.excused = state.contradictions.count - broken.count
      return (figures, broken, broken.first.flatMap { VoteMonitor.name(of: $0, state.names) })
    }
    guard let first = broken.first else { return figures }
    throw .broken(
      .oneVote,
      "\(broken.count) contradictions between votes, the first by \(name ?? "validator \(first.validator)"): "
        + "\(text(first.first)) in the log of \(first.firstLog), \(text(first.second)) in the log of \(first.secondLog)"
    )
  }

  /// Nil if the epoch's validators are not known.
  private static func name(of found: Contradiction, _ names: [Epoch: [String]]) -> String? {
    guard let names = names[found.first.epoch] else { return nil }
    let place = Int(found.validator.rawValue)
    return names.indices.contains(place) ? names[place] : nil
  }

  private func text(_ statement: Statement) -> String {
    let block = statement.proposal.map { " of block \($0.block.short)" } ?? ""
    return "\(statement.kind)\(block) in \(statement.round)"
  }
}
