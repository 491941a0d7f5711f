import ArgumentParser
import BlockLog
import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import Replica

/// Writes a long chain into the logs of a cluster that was created but never started, as its validators would have
/// agreed on it: real blocks, signatures and finalizations, without the hours that submitting them would take.
/// `Scripts/bench-start` then measures on the nodes themselves what a start, a snapshot and a joining node cost at that
/// size.
@main
struct BigChain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "big-chain", abstract: "Write a long chain into a cluster that was never started.")

  @Option(name: .customLong("dir"), help: "The cluster's directory, made by 'roadbed cluster new'.")
  var directory: String

  @Option(help: "Nodes that get the chain, from the first on: a quorum.")
  var nodes = 3

  @Option(help: "Accounts, each with a balance.")
  var accounts = 1_000_000

  @Option(help: "Transfers.")
  var transfers = 2_000_000

  @Option(help: "Transfers of one transaction.")
  var perTransaction = 1

  @Option(help: "Transfers of one block.")
  var perBlock = 1000

  @Option(help: "Blocks of transfers after which the leader time-out changes, so that an epoch ends; 0: never.")
  var perEpoch = 0

  func validate() throws {
    guard perTransaction > 0, perBlock >= perTransaction, perEpoch >= 0 else {
      throw ValidationError("--per-transaction must be 1 to --per-block, and --per-epoch 0 or more.")
    }
  }

  mutating func run() throws {
    let genesis = try GenesisDocument.parse(
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/genesis.json"))), document: "genesis.json")
    var writer = try ChainWriter(genesis: genesis, directory: directory, signers: nodes)
    try writer.begin(accounts: accounts)
    var left = transfers
    var blocks = 0
    while left > 0 {
      let count = min(left, perBlock)
      try writer.transfer(count, perTransaction: perTransaction, among: accounts)
      left -= count
      blocks += 1
      if perEpoch > 0, blocks.isMultiple(of: perEpoch) { try writer.endEpoch() }
      if left % (perBlock * 100) == 0 { print("\(transfers - left) of \(transfers) transfers, \(writer.description)") }
    }
    let description = writer.description
    try writer.close()
    for number in 2...max(2, nodes) where number <= nodes {
      try ChainWriter.copy(in: directory, to: number, of: genesis)
    }
    print("written: \(description)")
  }
}
