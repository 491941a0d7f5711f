import Foundation
import Primitives

/// Creates networks and folders, runs this program again within them, and always removes them afterwards. The work may
/// fail, be interrupted or be killed without leaving anything behind.
struct Sandbox: Sendable {
  let options: RunOptions
  private let leftovers = Leftovers(owner: getpid())

  init(options: RunOptions) { self.options = options }

  /// - Returns: the exit status of the work, or 130 if it was interrupted.
  func run() async throws -> Int32 {
    Signals.watch()
    await Leftovers.removeDead()
    let directory = try clusterDirectory()
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let roadbed = absolute(options.roadbed ?? URL(fileURLWithPath: own).deletingLastPathComponent().path + "/roadbed")
    guard FileManager.default.isExecutableFile(atPath: roadbed) else { throw ChaosError.noBinary(roadbed) }
    try leftovers.note(clusterDirectory: directory)
    var configuration = SandboxConfiguration(
      seed: options.seed ?? .random(in: 0...UInt64(UInt32.max)), directory: directory, roadbed: roadbed, shaper: .none,
      hasPrivateMounts: (try? await Shell.run(["unshare", "--mount", "true"]).status) == 0)
    var entry: [String] = []
    do {
      if options.noNamespaces {
        configuration.refusal = "--no-namespaces was given"
      } else {
        let network = NodeNetwork(prefix: leftovers.networkPrefix, places: ChaosCluster.places(for: options.nodes))
        try await network.make()
        configuration.networkPrefix = network.prefix
        configuration.shaper = await network.findShaper()
        entry = ["ip", "netns", "exec", network.hub]
      }
    } catch {
      configuration.refusal = "the system does not allow network namespaces: \(error.line)"
    }
    if configuration.hasPrivateMounts { entry += ["unshare", "--mount", "--propagation", "private"] }
    let status: Int32
    do {
      status = try await work(entry + [own], configuration)
    } catch {
      await cleanUp(directory)
      throw error
    }
    await cleanUp(directory)
    return status
  }

  private func work(_ command: [String], _ configuration: SandboxConfiguration) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let told = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    process.arguments = command + CommandLine.arguments.dropFirst() + ["--configuration", told]
    process.environment = Shell.cleanEnvironment
    process.standardInput = FileHandle.nullDevice
    guard !Signals.wereSent else { return 130 }
    try process.run()
    while process.isRunning {
      // The work needs no clean end: whatever it leaves behind is removed here.
      if Signals.wereSent { kill(process.processIdentifier, SIGKILL) }
      try await Task.sleep(for: .milliseconds(50))
    }
    return Signals.wereSent ? 130 : process.terminationReason == .exit ? process.terminationStatus : 1
  }

  private func cleanUp(_ directory: String) async {
    await leftovers.remove()
    if !options.keep { try? FileManager.default.removeItem(atPath: directory) }
  }

  private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// The cluster's directory. An existing one is refused, so that nothing is overwritten or removed at the end.
  private func clusterDirectory() throws -> String {
    let kept = FileManager.default.temporaryDirectory.path + "/roadbed-chaos-kept-\(getpid())"
    let directory = absolute(options.dir ?? (options.keep ? kept : leftovers.folder + "/cluster"))
    guard !FileManager.default.fileExists(atPath: directory) else {
      throw ChaosError.file(directory, reason: "it already exists")
    }
    return directory
  }
}
