import Ledger
import LedgerJSON
import Primitives

/// The summary that is printed for every genesis file.
enum GenesisSheet {
  static func print(_ genesis: Genesis) {
    var sheet = Sheet()
    sheet.add("chain", genesis.chainName)
    sheet.add("digest", genesis.digest)
    sheet.add("suite", genesis.suite.name)
    sheet.add("rules version", "\(genesis.version)")
    sheet.add("time", genesis.timestamp.iso8601)
    sheet.add("leader time-out", "\(genesis.leaderTimeoutMilliseconds) ms")
    sheet.add("administrators", "\(genesis.administratorThreshold) must act together")
    sheet.print()
  }
}
