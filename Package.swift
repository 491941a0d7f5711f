// swift-tools-version: 6.2
import PackageDescription

// Scripts/test sets this: a warning in our own code then fails the build. Users of a later compiler,
// which may warn about more, are not stopped by it.
let strict = Context.environment["ROADBED_STRICT"] == "1"

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    // Non-escapable readers over borrowed bytes (Primitives/Reader.swift).
    .enableExperimentalFeature("Lifetimes"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

// The rooms, in the order of who may know whom: arrows point up this list only.
let rooms: [Target] = [
  .systemLibrary(
    name: "COpenSSL", pkgConfig: "libcrypto",
    providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
  room("Primitives", []),
  room("Cryptography", ["Primitives", "COpenSSL"]),
  room("Ledger", ["Primitives", "Cryptography"]),
  room("Consensus", ["Primitives"]),
  room("BlockLog", ["Primitives"]),
  room("Replica", ["Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog"]),
  room("Simulation", ["Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog", "Replica"]),
]

// What is started. `roadbed` is the one binary; the others measure: `swift run -c release ledger-bench`.
let programs: [Target] = [
  .executableTarget(
    name: "ledger-bench", dependencies: ["Ledger", "Cryptography", "Primitives"], path: "Benchmarks/Ledger",
    swiftSettings: settings),
  .executableTarget(
    name: "simulation-bench",
    dependencies: ["Simulation", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography", "Primitives"],
    path: "Benchmarks/Simulation", swiftSettings: settings),
]

let checks: [Target] = [
  tests("PrimitivesTests", ["Primitives"]),
  tests("CryptographyTests", ["Cryptography", "Primitives"]),
  tests("LedgerTests", ["Ledger", "Cryptography", "Primitives"]),
  tests("ConsensusTests", ["Consensus", "Primitives"]),
  tests("BlockLogTests", ["BlockLog", "Primitives"]),
  tests(
    "ReplicaTests",
    ["Simulation", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography", "Primitives"]),
  tests(
    "SimulationTests",
    ["Simulation", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography", "Primitives"]),
]

let package = Package(
  name: "roadbed",
  platforms: [.macOS(.v15)],
  targets: rooms + programs + checks,
  swiftLanguageModes: [.v6]
)
