import Foundation

/// Reads the memory use of the cluster's nodes on this machine.
enum NodeMemory {
  /// Resident bytes by node; empty where the system provides no figures.
  static func read(of cluster: Cluster) -> [String: Int] {
    var result: [String: Int] = [:]
    for node in cluster.file.nodes {
      guard let pid = cluster.process(of: node).pid,
        let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8),
        let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      else { continue }
      result["\(node.name)"] = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
    return result
  }
}
