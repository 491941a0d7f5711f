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
      sheet.add("node", "\(status.node) of \(status.member), version \(status.versions.software)")
      sheet.add("height", "\(status.height), \(status.blockTime.iso8601)")
      sheet.add("block", status.block)
      sheet.add("view", "\(status.view), led by \(status.leader)")
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

struct QueryHealth: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Show whether a node is healthy, and if not, why.",
    discussion: "The exit status is 1 if the node is unhealthy.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    var isHealthy = false
    try await query.run {
      let health = try await $0.health()
      isHealthy = health.healthy
      return health
    } print: { health in
      Console.print(health.healthy ? Console.styled("healthy", .green) : Console.styled("unhealthy", .red))
      for reason in health.reasons {
        Console.print("  [\(reason.code)]: \(Printable.text(reason.message))")
        Console.next(Printable.text(reason.nextStep))
      }
    }
    if !isHealthy { throw ExitCode(ErrorReport.failure) }
  }
}

struct QueryValidators: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validators", abstract: "List the validators as one node sees them.")

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.validators()
    } print: { page in
      var table = Table("INDEX", "NAME", "MEMBER", "ADDRESS", "STATE", "VOTE KEY")
      for validator in page.items {
        let state = (validator.connected ? "connected" : "away") + (validator.leader ? ", leads" : "")
        table.add(
          "\(validator.index)", "\(validator.name)", "\(validator.member)", validator.address, state,
          "\(validator.voteKey)")
      }
      table.print()
    }
  }
}
