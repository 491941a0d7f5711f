import Foundation
import Testing

/// Programs that were built together with the tests.
enum Program {
  private static let folders: [URL] = {
    let own = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    return [own] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
  }()

  /// The commands and options of the program `name`, as it reports them.
  static func commands(_ name: String) throws -> Command {
    struct Dump: Decodable { var command: Command }
    let path = try #require(
      folders.map { $0.appendingPathComponent(name).path }.first { FileManager.default.isExecutableFile(atPath: $0) },
      "\(name) was not built beside the tests")
    return try JSONDecoder().decode(Dump.self, from: Data(try output(path, ["--experimental-dump-help"]).utf8)).command
  }

  static func output(_ path: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(path) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }
}

/// A command as swift-argument-parser describes it.
struct Command: Decodable, Sendable {
  struct Argument: Decodable, Sendable {
    struct Name: Decodable, Sendable {
      var kind: String
      var name: String
    }

    var names: [Name]?
  }

  var commandName: String
  var subcommands: [Command]?
  var arguments: [Argument]?

  func subcommand(_ name: String) -> Command? { subcommands?.first { $0.commandName == name } }

  /// The options, including their dashes.
  var options: Set<String> {
    let names = (arguments ?? []).flatMap { $0.names ?? [] }
    return Set(names.map { ($0.kind == "short" ? "-" : "--") + $0.name } + ["--help", "-h"])
  }

  var allOptions: Set<String> { (subcommands ?? []).reduce(options) { $0.union($1.allOptions) } }
}
