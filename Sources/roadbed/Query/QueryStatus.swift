import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the status of a node: chain, height, view, peers.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.status()
    } print: { status in
      var sheet = Sheet()
      sheet.add("chain", "\(status.chain.name), \(status.chain.suite.name)")
      sheet.add("genesis", status.chain.genesis)
      sheet.add("node", "\(status.label), \(status.role.rawValue)")
      sheet.add("version", "\(status.versions.software), rules up to version \(status.versions.rules)")
      sheet.add("height", "\(status.height), \(status.blockTime.iso8601)")
      sheet.add("block", status.block)
      let leader = status.leader.map { ", led by \($0)" } ?? ""
      sheet.add("view", "\(status.view) of epoch \(status.epoch)\(leader)")
      sheet.add("waiting", "\(status.mempool.transactions) transactions, \(status.mempool.bytes) bytes")
      let peers = status.peers.map { "\($0.name)\($0.connected ? "" : " (not connected)")" }
      sheet.add("peers", peers.isEmpty ? "none" : peers.joined(separator: ", "))
      sheet.add("up", "\(status.uptimeMilliseconds / 1000) s")
      sheet.print()
      if let stopped = status.stopped {
        Console.print(Console.styled("stopped voting [\(stopped.code)]", .red) + ": \(Printable.text(stopped.message))")
        Console.next(Printable.text(stopped.nextStep))
      }
    }
  }
}
