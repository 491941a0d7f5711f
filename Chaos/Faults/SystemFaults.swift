import Foundation

/// Puts faults between a process and its disk, with the library that Scripts/system-faults builds.
struct SystemFaults: Sendable {
  /// The calls that can fail, by the name that the library knows.
  enum Call: String, CaseIterable, Sendable {
    case open, write, sync, rename, allocate

    /// What the system may answer to the call.
    var errors: [String] {
      switch self {
      case .open: ["EMFILE", "EIO"]
      case .write, .allocate: ["ENOSPC", "EIO"]
      case .sync, .rename: ["EIO"]
      }
    }

    /// Up to which of its calls a node comes within seconds: some happen at every block, others once in a segment.
    var reach: Int {
      switch self {
      case .write, .sync: 200
      case .open: 12
      case .rename, .allocate: 2
      }
    }
  }

  private let library: String

  /// Finds the library beside a program; nil if it was not built.
  static func find(beside program: String) -> SystemFaults? {
    let path = URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("system-faults.so").path
    return FileManager.default.fileExists(atPath: path) ? SystemFaults(library: path) : nil
  }

  /// This library after those that are loaded into every process, such as the one of Scripts/check-threads.
  private var preload: String {
    [Shell.cleanEnvironment["LD_PRELOAD"], library].compactMap(\.self).joined(separator: " ")
  }

  /// The environment of a process for which a call to files in a folder fails from its `number`th time on.
  func failing(_ folder: String, _ call: Call, error: String, from number: Int) -> [String: String] {
    [
      "LD_PRELOAD": preload, "SYSTEM_FAULTS_UNDER": folder,
      "SYSTEM_FAULTS_FAIL": "\(call.rawValue):\(error):\(number)",
    ]
  }

  /// The environment of a process whose disk, after some true syncs, only claims to have synced the files in a folder.
  /// The journal must be outside the folder, on the same file system.
  func lying(_ folder: String, afterSyncs number: Int, journal: String) -> [String: String] {
    ["LD_PRELOAD": preload, "SYSTEM_FAULTS_UNDER": folder, "SYSTEM_FAULTS_LIE": "\(number):\(journal)"]
  }

  /// The environment of a process before which the disk loses everything that it only claimed to have synced.
  func losing(_ journal: String) -> [String: String] { ["LD_PRELOAD": preload, "SYSTEM_FAULTS_UNDO": journal] }
}
