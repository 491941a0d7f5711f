import Node

/// The environment variables of this program that are not settings of a node.
enum NodeEnvironment {
  static let own = [ClusterOptions.variable, NodeOptions.variable]

  static func forNodes(_ environment: [String: String]) -> [String: String] {
    environment.filter { !own.contains($0.key) }
  }
}
