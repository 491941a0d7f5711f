import ArgumentParser
import Cryptography
import Foundation
import Primitives

struct KeysShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the public part of a key in a file or a token, or of a transport certificate.",
    discussion: """
      For a key, prints the public key for member.add and genesis files; for a certificate, prints the transport \
      key: the SHA-256 of its public key information. Prints nothing secret.

      Examples:
        roadbed keys show keys/bank-a.pem
        roadbed keys show node1/keys/transport.crt
        roadbed keys show 'pkcs11:token=bank;object=bank-a?module-path=/usr/lib/softhsm/libsofthsm2.so' \\
          --passphrase-env PIN
      """)

  @Argument(
    help: "The PEM file, or the pkcs11: URI of a key in a token.", completion: .file(extensions: ["pem", "crt"]))
  var file: String

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let answer = try KeyAnswer(reading: file, passphrase: try passphrase.passphrase())
    if output.json { return try Console.printJSON(answer) }
    answer.print(title: answer.file == nil ? "key" : "file")
  }
}
