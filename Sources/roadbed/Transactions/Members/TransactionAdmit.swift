import ArgumentParser
import Cryptography
import Ledger
import Primitives

struct TransactionAdmit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admit",
    abstract: "Admit a member.",
    discussion: """
      The administrators sign, or a registrar if the member becomes neither administrator nor registrar. The new member \
      gives them only its public key, as `roadbed keys show` prints it.

      Example:
        roadbed tx admit bank-c --public-key 02ab… --role participant --dir demo --key registry --wait
      """)

  @Argument(help: "The member's name.", transform: Name.argument)
  var name: Name

  @Option(help: ArgumentHelp("A public key of the member. Repeat for more keys.", valueName: "hex"))
  var publicKey: [String]

  @Option(help: "How many of the keys must sign.")
  var threshold: UInt8 = 1

  @Option(
    help: ArgumentHelp(
      "A role of the member: \(Roles.choices). Repeat for more.", valueName: "role"))
  var role: [String] = []

  @Option(help: "A description of at most 256 bytes.")
  var description = ""

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    var roles: Roles = []
    for text in role {
      guard let role = Roles(name: text) else {
        throw ValidationError("--role is '\(text)'; it must be \(Roles.choices).")
      }
      roles.insert(role)
    }
    let keys = try publicKey.map { text in
      guard let key = PublicKey(hex: text) else {
        throw ValidationError("--public-key is '\(text)'; it must be 66 hexadecimal digits: see `roadbed keys show`.")
      }
      return key
    }
    let authority = MemberAuthority(roles: roles, keys: keys, threshold: threshold)
    try await submission.run { _, chain in
      for key in keys { try key.check(chain.suite) }
      return [.memberAdd(name: name, description: description, authority: authority)]
    }
  }
}
