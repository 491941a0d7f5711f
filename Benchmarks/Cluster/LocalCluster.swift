import Foundation
import LedgerJSON

/// A cluster in its own folder, controlled through the `roadbed` command.
struct LocalCluster {
  let directory: String
  private let roadbed: String

  init(directory: String) {
    self.directory = directory
    let own = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    roadbed = own.deletingLastPathComponent().appendingPathComponent("roadbed").path
  }

  func make(nodes: Int, basePort: Int) throws {
    try run("cluster", "new", "--dir", directory, "--nodes", "\(nodes)", "--base-port", "\(basePort)")
  }

  /// Has every node use a signer process for its vote key, and starts these.
  func startSigners() throws -> [Process] {
    try description().nodes.map { node in
      let folder = "\(directory)/\(node.directory)"
      let settings = try String(contentsOfFile: "\(folder)/node.yaml", encoding: .utf8)
      let changed = settings.replacing("  #socket: signer/signer.sock\n", with: "  socket: signer/signer.sock\n")
      try Data(changed.utf8).write(to: URL(fileURLWithPath: "\(folder)/node.yaml"))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: roadbed)
      process.arguments = [
        "signer", "--genesis", "\(directory)/genesis.json", "--key", "\(folder)/keys/vote.pem", "--dir",
        "\(folder)/signer", "--socket", "\(folder)/signer/signer.sock",
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
  }

  func api() throws -> URL {
    guard let url = URL(string: try description().nodes[0].api) else { throw URLError(.badURL) }
    return url
  }

  func start() throws { try run("cluster", "up", "--dir", directory, "--detach") }

  func description() throws -> ClusterDescription {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/cluster.json"))
    return try JSONDecoder().decode(ClusterDescription.self, from: bytes)
  }

  /// Stops the nodes and removes the folder.
  func remove() {
    do {
      try run("cluster", "stop", "--dir", directory)
      try FileManager.default.removeItem(atPath: directory)
    } catch {
      FileHandle.standardError.write(Data("\(directory) is left behind: \(error)\n".utf8))
    }
  }

  private struct Failed: Error, CustomStringConvertible {
    var command: String
    var status: Int32
    var description: String { "'\(command)' ended with status \(status)" }
  }

  private func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: roadbed)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(command: arguments.joined(separator: " "), status: process.terminationStatus)
    }
  }
}
