import ArgumentParser
import Foundation
import Ledger
import LedgerJSON
import Primitives

struct GenesisNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Create a genesis file from a template.",
    discussion: """
      The template is a genesis file in which "time", "digest" and "validators" may be missing. The time defaults to now, \
      the digest is computed, and the validators come from the files given with --validator, which each operator makes \
      with `roadbed node init`. Config/genesis.json is a sample.

      Example:
        roadbed genesis new template.json --validator a.json --validator b.json -o genesis.json
      """)

  @Argument(help: "The template, or - for standard input.", completion: .file(extensions: ["json"]))
  var template: String

  @Option(help: ArgumentHelp("A file with a validator's entry. Repeat for each validator.", valueName: "file"))
  var validator: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to create, which must not exist; - is standard output.", valueName: "file"))
  var output: String

  @Flag(help: "Print the result as one JSON value, for programs.")
  var json = false

  func run() async throws {
    let document = TextFile.name(template)
    guard case .object(var members) = try JSONParser.parse(try TextFile.read(template), document: document) else {
      throw DocumentError(document: document, fault: .type(found: "something else", expected: "an object"))
    }
    members["format"] = members["format"] ?? .string(GenesisDocument.format)
    members["time"] = members["time"] ?? .string(SystemClock.now.iso8601)
    if !validator.isEmpty {
      var validators: [JSONValue] = []
      if case .array(let listed)? = members["validators"] { validators = listed }
      for file in validator {
        validators.append(try JSONParser.parse(try TextFile.read(file), document: TextFile.name(file)))
      }
      members["validators"] = .array(validators)
    }
    let genesis = try GenesisDocument.parse(JSONWriter.compact(.object(members)), document: document)
    try genesis.requireExecutedVersion()
    let bytes = GenesisDocument.render(genesis)
    try TextFile.write(bytes, to: output, isNew: true)
    if try FileTarget(output) == .standardOutput { return }
    if json { return Console.print(bytes) }
    GenesisSheet.print(genesis)
    Console.print(
      "created \(output) with \(genesis.members.count) members and \(genesis.validators.count) validators")
    Console.next("give it to every operator: roadbed node init --dir DIR --genesis \(output) --founding")
  }
}
