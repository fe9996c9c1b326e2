// swift-tools-version: 6.2
import PackageDescription

// Programs as users of Skein write them. Each checks its own results, and exits with an error if one is wrong.
let package = Package(
  name: "SkeinClients",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "skein", path: "../.."),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
  ],
  targets: [
    // Algorithms on integers, for the compiler to choke on.
    .executableTarget(name: "Algorithms", dependencies: [.product(name: "Skein", package: "skein")]),
    // The types of swift-collections, as sources, and changed in place.
    .executableTarget(
      name: "CollectionTypes",
      dependencies: [
        .product(name: "Skein", package: "skein"), .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ]),
    // Everything here belongs to the main actor unless it says otherwise.
    .executableTarget(
      name: "DefaultMainActor", dependencies: [.product(name: "Skein", package: "skein")],
      swiftSettings: [.defaultIsolation(MainActor.self), .define("ISOLATED_BY_DEFAULT")]),
    // The same file in a module without a default, where its class alone is on the main actor.
    .executableTarget(name: "MainActorClass", dependencies: [.product(name: "Skein", package: "skein")]),
    // The README's snippets at the top level of `main.swift`, which belongs to the main actor too.
    .executableTarget(
      name: "Readme",
      dependencies: [.product(name: "Skein", package: "skein"), .product(name: "SkeinDeque", package: "skein")]),
    // The same entries where the top level awaits.
    .executableTarget(name: "TopLevelAwait", dependencies: [.product(name: "Skein", package: "skein")]),
  ],
  swiftLanguageModes: [.v6]
)
