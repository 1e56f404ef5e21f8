// SPDX-License-Identifier: Apache-2.0
#include "base/random_name.hpp"

namespace hw {
namespace {

// clang-format off
constexpr std::string_view kAdjectives[] = {
    "Able", "Agile", "Alert", "Ample", "Apt", "Big", "Bold", "Brave", "Breezy", "Bright", "Brisk",
    "Calm", "Candid", "Careful", "Cheerful", "Clever", "Cosy", "Curious", "Daring", "Dapper",
    "Eager", "Early", "Earnest", "Easy", "Fair", "Famous", "Fancy", "Fearless", "Fleet", "Fond",
    "Frank", "Free", "Friendly", "Gentle", "Giant", "Glad", "Graceful", "Grand", "Handy", "Happy",
    "Hardy", "Honest", "Humble", "Jolly", "Keen", "Kind", "Lively", "Lofty", "Loyal", "Lucky",
    "Mellow", "Merry", "Mighty", "Modest", "Neat", "Nimble", "Noble", "Patient", "Peaceful",
    "Playful", "Plucky", "Polite", "Proud", "Quick", "Quiet", "Ready", "Rested", "Robust", "Rugged",
    "Serene", "Sharp", "Shiny", "Silent", "Small", "Smart", "Snug", "Spry", "Steady", "Stout",
    "Sturdy", "Sunny", "Swift", "Tall", "Tidy", "Tireless", "Trusty", "Upbeat", "Vivid", "Warm",
    "Wise", "Witty", "Young", "Zesty",
};

constexpr std::string_view kColours[] = {
    "Almond", "Amber", "Amethyst", "Apricot", "Aqua", "Auburn", "Azure", "Beige", "Black", "Blue",
    "Blush", "Bronze", "Brown", "Burgundy", "Buttercup", "Cerulean", "Charcoal", "Cherry",
    "Chestnut", "Cinnamon", "Citrine", "Cobalt", "Copper", "Coral", "Cream", "Crimson", "Cyan",
    "Denim", "Ebony", "Emerald", "Fern", "Flax", "Fuchsia", "Garnet", "Ginger", "Gold", "Green",
    "Grey", "Hazel", "Indigo", "Ivory", "Jade", "Khaki", "Lavender", "Lemon", "Lilac", "Lime",
    "Magenta", "Mahogany", "Maroon", "Mauve", "Mint", "Moss", "Mustard", "Navy", "Ochre", "Olive",
    "Onyx", "Opal", "Orange", "Orchid", "Peach", "Pearl", "Periwinkle", "Pink", "Plum", "Purple",
    "Red", "Rose", "Ruby", "Russet", "Saffron", "Sage", "Salmon", "Sapphire", "Scarlet", "Sienna",
    "Silver", "Slate", "Tan", "Teal", "Topaz", "Turquoise", "Umber", "Vermilion", "Violet",
    "White", "Yellow",
};

constexpr std::string_view kAnimals[] = {
    "Albatross", "Alpaca", "Antelope", "Armadillo", "Badger", "Bear", "Beaver", "Bison", "Bobcat",
    "Buffalo", "Camel", "Capybara", "Caribou", "Cheetah", "Chinchilla", "Chipmunk", "Condor",
    "Cougar", "Coyote", "Crane", "Cricket", "Curlew", "Deer", "Dolphin", "Dormouse", "Dragonfly",
    "Eagle", "Egret", "Elk", "Falcon", "Ferret", "Finch", "Firefly", "Flamingo", "Fox", "Gazelle",
    "Gecko", "Giraffe", "Goose", "Grouse", "Hare", "Hawk", "Hedgehog", "Heron", "Ibex", "Ibis",
    "Iguana", "Impala", "Jackdaw", "Jaguar", "Kestrel", "Kingfisher", "Kiwi", "Koala", "Lark",
    "Lemur", "Leopard", "Lion", "Lizard", "Llama", "Lynx", "Magpie", "Manatee", "Marmot", "Marten",
    "Meerkat", "Mole", "Moose", "Narwhal", "Newt", "Ocelot", "Octopus", "Orca", "Oriole", "Osprey",
    "Ostrich", "Otter", "Owl", "Panda", "Panther", "Pelican", "Penguin", "Pheasant", "Pigeon",
    "Plover", "Porcupine", "Puffin", "Puma", "Quail", "Rabbit", "Raccoon", "Raven", "Reindeer",
    "Robin", "Salamander", "Sandpiper", "Seal", "Sparrow", "Squirrel", "Starling", "Stork",
    "Swallow", "Swan", "Tapir", "Tiger", "Toucan", "Turtle", "Walrus", "Weasel", "Whale", "Wolf",
    "Wombat", "Woodpecker", "Wren", "Yak", "Zebra",
};
// clang-format on

std::string_view pick(std::span<const std::string_view> words, Env& env) {
    return words[env.random_64() % words.size()];
}

}  // namespace

std::string random_name(Env& env) {
    std::string name(pick(kAdjectives, env));
    name.append(" ").append(pick(kColours, env));
    return name.append(" ").append(pick(kAnimals, env));
}

std::span<const std::string_view> name_adjectives() {
    return kAdjectives;
}
std::span<const std::string_view> name_colours() {
    return kColours;
}
std::span<const std::string_view> name_animals() {
    return kAnimals;
}

}  // namespace hw
