import ArgumentParser
import Cryptography
import Foundation
import Ledger
import Primitives
import QueryIndex

/// Fills a query index as a busy chain does. Prints the cost of a transaction while the index grows, and the cost of
/// look-ups at that size.
@main
struct IndexBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index-bench", abstract: "Measure the query index while the chain becomes long.")

  @Option(help: "Transactions in all.")
  var transactions = 1_000_000

  @Option(help: "Transfers of a transaction, each between two accounts drawn at random.")
  var operations = 1

  @Option(help: "Accounts.")
  var accounts = 100_000

  @Option(name: .customLong("per-batch"), help: "Transactions that are written at once.")
  var perBatch = 5000

  func validate() throws {
    guard transactions >= 10, (1...1000).contains(operations), accounts >= 2, perBatch >= 1 else {
      throw ValidationError("at least 10 transactions, 1 to 1000 operations, 2 accounts and 1 transaction a batch")
    }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/roadbed-index-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var chain = RandomChain(accounts: accounts, operations: operations)
    let index = try QueryIndex(path: folder + "/index.sqlite", chain: chain.context)
    print("transactions  us/transaction  us/operation  MB  us/id  us/history   (processor time, of the last tenth)")
    let tenth = max(1, transactions / 10)
    var done = 0
    var spent = 0.0
    var part = 0
    while done < transactions {
      let block = chain.next(min(perBatch, transactions - done, Limits.blockTransactions))
      let start = Self.processorMicroseconds()
      try index.add([block])
      spent += Self.processorMicroseconds() - start
      done += block.block.count
      part += block.block.count
      guard part >= tenth || done == transactions else { continue }
      let cost = spent / Double(part)
      print(
        Self.cell(done, 12), Self.cell(cost, 15), Self.cell(cost / Double(operations), 13),
        Self.cell(try Self.megabytes(folder), 4), Self.cell(try lookUps(index, &chain), 6),
        Self.cell(try histories(index, &chain), 11))
      spent = 0
      part = 0
    }
  }

  private static let samples = 200

  /// The processor time per look-up of an id from anywhere in the chain, in microseconds.
  private func lookUps(_ index: QueryIndex, _ chain: inout RandomChain) throws -> Double {
    let start = Self.processorMicroseconds()
    for _ in 0..<Self.samples {
      let (id, place) = chain.drawTransaction()
      guard try index.transaction(id)?.place == place else { throw Fault.notFound(id) }
    }
    return (Self.processorMicroseconds() - start) / Double(Self.samples)
  }

  /// The processor time per look-up of an account's ten newest transactions, in microseconds.
  private func histories(_ index: QueryIndex, _ chain: inout RandomChain) throws -> Double {
    let start = Self.processorMicroseconds()
    for _ in 0..<Self.samples { _ = try index.activity(of: chain.drawAccount(), limit: 10) }
    return (Self.processorMicroseconds() - start) / Double(Self.samples)
  }

  private enum Fault: Error { case notFound(Digest) }

  private static func megabytes(_ folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + (attributes[.size] as? Int ?? 0)
    } / 1_000_000
  }

  private static func processorMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  private static func cell(_ value: Int, _ width: Int) -> String { padded("\(value)", width) }
  private static func cell(_ value: Double, _ width: Int) -> String {
    padded("\((value * 10).rounded() / 10)", width)
  }
  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
