import Foundation
import Ledger
import LedgerClient
import Primitives
import Synchronization

/// Signed transactions, each used once.
final class PreparedLoad: Sendable {
  let transactions: [[UInt8]]
  private let taken = Atomic<Int>(0)

  /// Signs `count` transactions on all cores. Payers and payees are drawn uniformly at random from the accounts in use.
  init(_ ledger: BenchLedger, _ shape: LoadShape, count: Int) throws {
    let workers = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
    let parts = Mutex<[Int: Result<[[UInt8]], any Error>]>([:])
    let run = UInt64.random(in: .min ... .max)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let share = count / workers + (worker < count % workers ? 1 : 0)
      let part = Result { try Self.sign(share, ledger, shape, SeededGenerator(seed: run &+ UInt64(worker))) }
      parts.withLock { $0[worker] = part }
    }
    transactions = try parts.withLock { parts in try parts.values.flatMap { try $0.get() } }
  }

  private static func sign(
    _ count: Int, _ ledger: BenchLedger, _ shape: LoadShape, _ generator: SeededGenerator
  ) throws -> [[UInt8]] {
    var random = generator
    let names = try (0..<shape.hot).map { try ledger.account($0) }
    let members = ledger.members.count
    var result: [[UInt8]] = []
    result.reserveCapacity(count)
    for number in 0..<count {
      let member = number % members
      // A member's accounts are `members` numbers apart.
      let own = (shape.hot - member + members - 1) / members
      let operations = (0..<shape.operations).map { _ in
        let from = Int.random(in: 0..<own, using: &random) * members + member
        let to = (from + Int.random(in: 1..<shape.hot, using: &random)) % shape.hot
        return Ledger.Operation.assetTransfer(
          asset: ledger.asset, from: names[from], to: names[to], amount: Amount(1))
      }
      result.append(try ledger.builder.transaction(operations, signers: [ledger.members[member]]).bytes)
    }
    return result
  }

  /// Takes the next `count` transactions; fewer or none once they are used up.
  func take(_ count: Int) -> ArraySlice<[UInt8]> {
    let start = min(taken.add(count, ordering: .relaxed).oldValue, transactions.count)
    return transactions[start..<min(start + count, transactions.count)]
  }
}
