import ArgumentParser
import Cryptography
import Ledger
import Primitives
import Tokens

struct KeysNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Create a key pair.",
    discussion: """
      Writes NAME.pem, with mode 0600, and prints the public key, which you give to others. With --pkcs11, the key is made \
      in a token, under the label NAME, and never leaves it. Does not overwrite anything.

      Examples:
        roadbed keys new bank-a
        roadbed keys new bank-a --suite sm2-sm3 --directory keys
        PASS=… roadbed keys new registry --passphrase-env PASS
        roadbed keys new transport --transport
        roadbed keys new bank-a --pkcs11 \\
          'pkcs11:token=bank?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/roadbed/pin'
      """)

  @Argument(
    help: "The name of the key: the member that signs with it. Use a-z, 0-9, dot and hyphen.",
    transform: Name.argument)
  var name: Name

  @Option(help: "The chain's suite.")
  var suite = SuiteArgument(.p256SHA256)

  @Option(help: ArgumentHelp("The directory to write to; created if it does not exist.", valueName: "dir"))
  var directory = "."

  @Flag(help: "Create a node's transport key, NAME.pem, and its certificate, NAME.crt.")
  var transport = false

  @Option(
    name: .customLong("pkcs11"),
    help: ArgumentHelp("The token in which the key is made, in place of a file.", valueName: "uri"))
  var token: String?

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    let ending = ".pem"
    if "\(name)".hasSuffix(ending) {
      throw ValidationError(
        "'\(name)' is a file name; give the name of the key, to which \(ending) is added: "
          + "\("\(name)".dropLast(ending.count)).")
    }
    if transport, passphrase.variable != nil {
      throw ValidationError("A transport key has no passphrase: omit --passphrase-env.")
    }
    if transport, token != nil {
      throw ValidationError("A node reads its transport key from a file: omit --pkcs11.")
    }
  }

  func run() async throws {
    SecretMemory.forbidInspection()
    if let token { return try makeInToken(TokenURI(token)) }
    try Paths.makeDirectory(directory)
    let file = Paths.join(directory, "\(name).pem")
    let answer: KeyAnswer
    if transport {
      let certificate = Paths.join(directory, "\(name).crt")
      let identity = try TransportIdentity.generate(name: "\(name)")
      try identity.write(certificate: certificate, key: file)
      answer = KeyAnswer(file: file, certificate: certificate, transportKey: identity.pin)
    } else {
      let key = try PrivateKey.generate(suite.suite)
      try KeyFile.write(key, to: file, passphrase: try passphrase.passphrase())
      answer = KeyAnswer(file: file, suite: suite.suite, publicKey: key.publicKey)
    }
    Console.noteDone(
      "the key was created in \(file)",
      next: "roadbed keys show \(Paths.quoted(transport ? answer.certificate ?? file : file))")
    if output.json { return try Console.printJSON(answer) }
    answer.print(title: "created")
    Console.next(
      transport
        ? "keep \(file) on its node; put the transport key into the genesis file"
        : "keep \(file) secret and back it up; give the public key to the administrators who admit \(name)")
  }

  private func makeInToken(_ uri: TokenURI) throws {
    guard uri.object == nil || uri.object == "\(name)", uri.id == nil else {
      throw CommandError(
        code: "keys.other-object", explanation: "the URI names another key than \(name)",
        nextStep: "omit object and id from the URI: the key's label is its name")
    }
    let key = try Token(uri, pin: try passphrase.passphrase(), isWritable: true).generate(
      suite.suite, label: "\(name)")
    let answer = KeyAnswer(key)
    let place = Paths.quoted("\(key.uri)")
    Console.noteDone("the key was created in the token \(key.token.identity)", next: "roadbed keys show \(place)")
    if output.json { return try Console.printJSON(answer) }
    answer.print(title: "created")
    Console.next(
      "sign with --key \(Paths.quoted("\(name)=\(key.uri)")); give the public key to the administrators who admit \(name)"
    )
  }
}
