import Foundation

/// The modules of Package.swift, in the order of that file.
struct Manifest {
  struct Module: Equatable {
    var name: String
    /// Modules of the project that it may import.
    var modules: [String]
    /// Other packages that it uses.
    var packages: [String]
  }

  let modules: [Module]

  init(text: String) {
    let list = text.components(separatedBy: "let modules: [Target] = [").last?.components(separatedBy: "\n]\n").first
    let systems = (list ?? "").components(separatedBy: ".systemLibrary(").dropFirst()
      .compactMap { Self.literals($0).first }.map { Module(name: $0, modules: [], packages: []) }
    let others = (list ?? "").components(separatedBy: "module(").dropFirst().compactMap { part -> Module? in
      let products = part.components(separatedBy: ".product(")
      // The list continues after a product's closing parenthesis.
      let rest = products.dropFirst().map { $0.drop { $0 != ")" } }.joined()
      let names = Self.literals(products[0] + rest)
      guard let name = names.first else { return nil }
      let packages = products.dropFirst().compactMap { Self.literals(String($0.prefix { $0 != ")" })).last }
      return Module(name: name, modules: Array(names.dropFirst()), packages: Set(packages).sorted())
    }
    modules = systems + others
  }

  private static func literals(_ text: String) -> [String] {
    text.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }
}
