<?php

declare(strict_types=1);

/*
 * Writes the reference of the configuration of the packages for frameworks: bundle/CONFIGURATION.md from the tree of its
 * Configuration (needs symfony/config: SF_ROOT is a tree of tests/components/php), laravel/CONFIGURATION.md from the
 * comments of laravel/config/understudy.php.
 *
 *   SF_ROOT=… php scripts/configuration.php bundle [--check]
 *   php scripts/configuration.php laravel [--check]
 */

namespace Understudy\Client\Scripts;

/** @return list<array{string, string, string, string}> option, type, default, meaning */
function ofTree(\Symfony\Component\Config\Definition\NodeInterface $node, string $path = ''): array
{
    $rows = [];
    \assert($node instanceof \Symfony\Component\Config\Definition\BaseNode);
    $info = rtrim((string) $node->getInfo());
    if ($node instanceof \Symfony\Component\Config\Definition\PrototypedArrayNode) {
        $prototype = $node->getPrototype();
        if (!$prototype instanceof \Symfony\Component\Config\Definition\ArrayNode) {
            return [[$path, 'list', '[]', $info]];
        }

        return ofTree($prototype, $path . '.<name>');
    }
    if ($node instanceof \Symfony\Component\Config\Definition\ArrayNode) {
        if ($info !== '' && $path !== '') {
            $rows[] = [$path, 'on or off', $node->hasDefaultValue() && ($node->getDefaultValue()['enabled'] ?? null) === false ? 'false' : '', $info];
        }
        foreach ($node->getChildren() as $name => $child) {
            if ($name !== 'enabled') {
                array_push($rows, ...ofTree($child, ltrim("$path.$name", '.')));
            }
        }

        return $rows;
    }
    $type = match (true) {
        $node instanceof \Symfony\Component\Config\Definition\EnumNode => implode(', ', array_map(static fn (mixed $value): string => (string) $value, $node->getValues())),
        $node instanceof \Symfony\Component\Config\Definition\BooleanNode => 'boolean',
        $node instanceof \Symfony\Component\Config\Definition\IntegerNode => 'integer',
        $node instanceof \Symfony\Component\Config\Definition\FloatNode => 'number',
        default => 'text',
    };
    $default = $node->isRequired() ? 'required' : ($node->hasDefaultValue() ? json_encode($node->getDefaultValue(), JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR) : '');

    return [[$path, $type, $default === 'null' ? '' : trim($default, '"'), $info]];
}

/** @return list<array{string, string, string, string}> option, type, default, meaning */
function ofFile(string $file): array
{
    $rows = $path = [];
    $comment = '';
    foreach (file($file) ?: [] as $line) {
        if (preg_match('~^\s*// ?(.*)$~', $line, $match) === 1) {
            $comment = trim($comment . ' ' . rtrim($match[1]));
        } elseif (preg_match("~^\s*'(\w+)' => \[$~", $line, $match) === 1) {
            $path[] = $path === ['connections'] ? '<name>' : $match[1];
            $comment = '';
        } elseif (preg_match('~^\s*\],$~', $line) === 1) {
            array_pop($path);
        } elseif (preg_match("~^\s*'(\w+)' => (.+),$~", $line, $match) === 1) {
            $default = $match[2];
            $from = preg_match("~env\('(\w+)'(?:, ('[^']*'))?~", $default, $env) === 1 ? "`$env[1]`" . (($env[2] ?? "''") === "''" ? '' : ', else ' . trim($env[2], "'")) : ($default === 'null' ? '' : trim($default, "'"));
            if ($comment === '') {
                throw new \LogicException("$match[1] has no comment");
            }
            $rows[] = [implode('.', [...$path, $match[1]]), '', $from, $comment];
            $comment = '';
        }
    }

    return $rows;
}

/** @param list<array{string, string, string, string}> $rows */
function table(string $title, string $head, array $rows): string
{
    $hasTypes = array_filter(array_column($rows, 1)) !== [];
    $page = "# $title\n\n$head\n\n| option |" . ($hasTypes ? ' type |' : '') . " default | |\n|---|" . ($hasTypes ? '---|' : '') . "---|---|\n";
    foreach ($rows as [$option, $type, $default, $about]) {
        $page .= "| `$option` |" . ($hasTypes ? " $type |" : '') . " $default | " . str_replace('|', '\\|', $about) . " |\n";
    }

    return $page;
}

$package = $argv[1] ?? '';
if ($package === 'bundle') {
    require getenv('SF_ROOT') . '/autoload.php';
    require __DIR__ . '/../bundle/src/DependencyInjection/Configuration.php';
    $rows = ofTree((new \Understudy\SymfonyBundle\DependencyInjection\Configuration())->getConfigTreeBuilder()->buildTree());
    $page = table('Configuration of understudy/symfony-bundle', "Written from the bundle's `Configuration` by `scripts/configuration.php bundle`; a test keeps it so. With one client, the\noptions of `clients.<name>` may stand at the top.", $rows);
} elseif ($package === 'laravel') {
    $page = table('Configuration of understudy/laravel', 'Written from `config/understudy.php` by `scripts/configuration.php laravel`; a test keeps it so.', ofFile(__DIR__ . '/../laravel/config/understudy.php'));
} else {
    fwrite(STDERR, "bundle or laravel?\n");
    exit(2);
}
$file = __DIR__ . "/../$package/CONFIGURATION.md";
if (!\in_array('--check', $argv, true)) {
    file_put_contents($file, $page);
} elseif (!is_file($file) || file_get_contents($file) !== $page) {
    fwrite(STDERR, "$package/CONFIGURATION.md is stale; run: php scripts/configuration.php $package\n");
    exit(1);
}
echo substr_count($page, "\n| `"), " options\n";
