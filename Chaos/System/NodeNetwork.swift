import Foundation

/// A network for the nodes: one namespace for each node, and one in the middle that routes between them.
///
/// It uses a router rather than a bridge because the kernel can then drop packets from one node to another without `tc`
/// or a firewall, by a routing rule for packets that arrive on one link and go to the addresses of another. The network
/// is separate from the machine's own, so its addresses cannot collide with others.
actor NodeNetwork {
  /// How links are slowed down and made to lose packets.
  enum Shaper: String, Sendable, Codable {
    case netem
    /// A token bucket, for kernels without netem: a slow link with a short queue, which delays and drops packets.
    case bucket
    case none
  }

  static let namePrefix = "rbchaos"

  nonisolated let prefix: String
  /// How many nodes can have a namespace.
  nonisolated let places: Int
  private var cuts: Set<Cut> = []
  private var shaped: Set<Int> = []

  private struct Cut: Hashable {
    var from: Int
    var to: Int
  }

  init(prefix: String, places: Int) {
    self.prefix = prefix
    self.places = places
  }

  nonisolated var hub: String { "\(prefix)-hub" }
  nonisolated func namespace(_ place: Int) -> String { "\(prefix)-n\(place)" }
  nonisolated func address(_ place: Int) -> String { "10.77.\(place).2" }

  /// Creates the namespaces, links and routes.
  func make() async throws {
    try await Shell.succeed(["ip", "netns", "add", hub])
    try await Shell.succeed(["ip", "-n", hub, "link", "set", "lo", "up"])
    try await Shell.succeed([
      "ip", "netns", "exec", hub, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward",
    ])
    for place in 1...places {
      let configuration = namespace(place)
      let gateway = "10.77.\(place).1"
      try await Shell.succeed(["ip", "netns", "add", configuration])
      try await Shell.succeed(
        ["ip", "link", "add", "name", link(place), "netns", hub, "type", "veth", "peer", "name", "eth0"]
          + ["netns", configuration])
      try await Shell.succeed(["ip", "-n", hub, "addr", "add", "\(gateway)/24", "dev", link(place)])
      try await Shell.succeed(["ip", "-n", hub, "link", "set", link(place), "up"])
      try await Shell.succeed(["ip", "-n", configuration, "addr", "add", "\(address(place))/24", "dev", "eth0"])
      try await Shell.succeed(["ip", "-n", configuration, "link", "set", "lo", "up"])
      try await Shell.succeed(["ip", "-n", configuration, "link", "set", "eth0", "up"])
      try await Shell.succeed(["ip", "-n", configuration, "route", "add", "default", "via", gateway])
    }
  }

  private nonisolated func link(_ place: Int) -> String { "r\(place)" }

  /// The best shaper that this kernel supports.
  func findShaper() async -> Shaper {
    for shaper in [Shaper.netem, .bucket] {
      if (try? await shape(1, shaper)) != nil {
        try? await unshape(1)
        return shaper
      }
    }
    return .none
  }

  // MARK: Faults

  /// From now on drops everything that `from` sends to `to`, also on existing connections.
  func cut(from: Int, to: Int) async throws {
    guard cuts.insert(Cut(from: from, to: to)).inserted else { return }
    try await Shell.succeed(["ip", "-n", hub, "rule", "add"] + rule(from, to))
  }

  func healCuts() async throws {
    for cut in cuts { try await Shell.succeed(["ip", "-n", hub, "rule", "del"] + rule(cut.from, cut.to)) }
    cuts = []
  }

  private nonisolated func rule(_ from: Int, _ to: Int) -> [String] {
    ["pref", "100", "iif", link(from), "to", "10.77.\(to).0/24", "blackhole"]
  }

  /// Delays and drops packets in both directions of a node's link.
  func shape(_ place: Int, _ shaper: Shaper) async throws {
    let discipline: [String]
    switch shaper {
    case .netem: discipline = ["netem", "delay", "40ms", "20ms", "loss", "3%"]
    case .bucket: discipline = ["tbf", "rate", "2mbit", "burst", "4kb", "latency", "60ms"]
    case .none: return
    }
    shaped.insert(place)
    try await Shell.succeed(["tc", "-n", hub, "qdisc", "replace", "dev", link(place), "root"] + discipline)
    try await Shell.succeed(["tc", "-n", namespace(place), "qdisc", "replace", "dev", "eth0", "root"] + discipline)
  }

  func unshape(_ place: Int) async throws {
    guard shaped.remove(place) != nil else { return }
    try await Shell.succeed(["tc", "-n", hub, "qdisc", "del", "dev", link(place), "root"])
    try await Shell.succeed(["tc", "-n", namespace(place), "qdisc", "del", "dev", "eth0", "root"])
  }

  func healAll() async throws {
    try await healCuts()
    for place in shaped { try await unshape(place) }
  }
}
