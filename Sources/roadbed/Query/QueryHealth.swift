import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

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
      for reason in health.findings {
        Console.print("  \(reason.severity) [\(reason.code)]: \(Printable.text(reason.explanation))")
        Console.next(Printable.text(reason.nextStep))
      }
    }
    if !isHealthy { throw ExitCode(ErrorReport.failure) }
  }
}
