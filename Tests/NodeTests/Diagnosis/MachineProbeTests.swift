import Foundation
import NodeCore
import TestHarness
import Testing

@testable import Node

@Testing.Suite("What the machine has left", .serialized)
struct MachineProbeTests {
  private func probe(in folder: String) throws -> MachineProbe {
    for name in ["log", "snapshots"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    return MachineProbe(try NodeSettings.load(directory: folder))
  }

  @Test(
    "Folders on one file system are one volume, with less free than there is; folders that are not there are left out")
  func volumes() throws {
    let folder = try TemporaryDirectory()
    let volumes = try probe(in: folder.path).volumes()
    #expect(volumes.map(\.folder) == ["\(folder.path)/log"])
    #expect(volumes.allSatisfy { $0.freeBytes > 0 && $0.freeBytes <= $0.totalBytes && $0.freeFiles <= $0.totalFiles })
    try FileManager.default.removeItem(atPath: "\(folder.path)/log")
    #expect(
      try MachineProbe(NodeSettings.load(directory: folder.path)).volumes().map(\.folder) == [
        "\(folder.path)/snapshots"
      ])
  }

  #if os(Linux)
    @Test("Open files are counted, and memory is less than its limit")
    func process() throws {
      let folder = try TemporaryDirectory()
      let probe = try probe(in: folder.path)
      let before = try #require(probe.descriptors())
      // Other tests open and close files meanwhile, but not as many.
      let files = try (0..<200).map { _ in try #require(FileHandle(forReadingAtPath: folder.path + "/log")) }
      let during = try #require(probe.descriptors())
      #expect(during.used > before.used && during.used >= 200 && during.limit >= during.used)
      for file in files { try file.close() }
      let memory = try #require(probe.memory())
      #expect(memory.used > 1 << 20 && memory.used < memory.limit)
    }
  #endif
}
