import ArgumentParser
import Ledger

struct ProofGetMember: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Prove a member: roles, keys, threshold, and whether it is suspended.")

  @Argument(help: "The member's name.", transform: Name.argument)
  var member: Name

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.member(member)) }
}
