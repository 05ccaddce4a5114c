<?php

declare(strict_types=1);

/*
 * Writes REFERENCE.md from the signatures and comments of src/.
 *
 *   php scripts/reference.php            writes
 *   php scripts/reference.php --check    says whether what is there is what would be written
 *
 * A public method or class without a comment is an error.
 */

namespace Understudy\Client\Scripts;

use Understudy\Client;

require __DIR__ . '/../autoload.php';

final class Reference
{
    /** @var list<string> */
    public array $missing = [];

    public function page(): string
    {
        $out = "# Reference of understudy/client\n\n"
            . "Written from signatures and comments by `php scripts/reference.php`; a test keeps it so. A class without a\n"
            . "namespace is in `Understudy\\Client`, in `Data` if it is an answer and in `Request` if it is a request. Every call\n"
            . "throws an `UnderstudyException`; predictions only if the fallback is not `review`.\n\n";
        $out .= $this->type(Client\UnderstudyClient::class, ['create'], 'UnderstudyClient');
        $out .= $this->type(Client\Understudy::class, ['predict', 'predictLater', 'predictMany', 'me'], 'Understudy, the interface of all clients');
        foreach ((new \ReflectionClass(Client\Understudy::class))->getMethods() as $accessor) {
            $class = (string) $accessor->getReturnType();
            if (str_contains($class, '\\Resource\\')) {
                $out .= $this->type($class, null, '$understudy->' . $accessor->name . '()');
            }
        }
        foreach (
            [
            'Options' => ['ClientOptions', 'CallOptions', 'PredictOptions', 'BatchOptions', 'ImportOptions', 'PageOptions', 'Item', 'Fallback'],
            'Answers that do more than hold' => ['Decision', 'PendingDecision', 'Listing', 'Page', 'Versioned', 'Download', 'FollowedEvent', 'Secret', 'Record'],
            'Failures' => ['Exception\\UnderstudyException', 'Problem', ...self::in('Exception', 'UnderstudyException')],
            'Watching calls' => ['Observer', 'CallRecord'],
            'Circuit breaker' => self::in('Breaker'),
            'Webhooks' => [...self::in('Webhook'), 'Exception\\InvalidWebhook'],
            'Tests' => self::in('Testing'),
            'HTTP' => ['Http\\Transport', 'Http\\Reply', 'Http\\Clock'],
            'Requests' => ['Request\\Request', 'Request\\Leave', ...self::in('Request', 'Request', 'Leave')],
            ] as $title => $classes
        ) {
            $out .= "# $title\n\n";
            foreach (array_unique($classes) as $class) {
                $out .= $this->type('Understudy\\Client\\' . $class, null, $class);
            }
        }
        $out .= "# Answers\n\nReadonly, and tolerant: `fromArray()` takes what the server sends, `toArray()` gives it back with the fields that\n"
            . "this version does not know.\n\n";
        foreach (self::in('Data') as $class) {
            $out .= $this->record(new \ReflectionClass('Understudy\\Client\\' . $class));
        }

        return $out;
    }

    /** @param list<string>|null $only methods; null: all that are public and declared there */
    private function type(string $name, ?array $only, string $title): string
    {
        $class = new \ReflectionClass($name);
        [$text] = $this->comment($class->getDocComment(), $class->getShortName());
        $out = "## $title\n\n" . ($text === '' ? '' : $text . "\n\n");
        if ($class->isEnum()) {
            foreach ((new \ReflectionEnum($name))->getCases() as $case) {
                [$about] = $this->comment($case->getDocComment(), '');
                $out .= '- `' . $class->getShortName() . '::' . $case->name . '` ' . $about . "\n";
            }

            return rtrim($out) . "\n\n";
        }
        $isOwn = static fn (\ReflectionMethod $method): bool => $only === null
            ? $method->getDeclaringClass()->name === $class->name && (!str_starts_with($method->name, '__') || $method->isConstructor())
            : \in_array($method->name, $only, true);
        $lines = '';
        foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            // What is inherited from an exception, or belongs to the parent, stands there.
            if ($isOwn($method) && $method->getFileName() === $class->getFileName() && !self::isInternal($method)) {
                $lines .= $this->method($method);
            }
        }

        return $out . ($lines === '' ? '' : $lines . "\n");
    }

    private function method(\ReflectionMethod $method): string
    {
        $name = $method->isConstructor() ? 'new ' . $method->getDeclaringClass()->getShortName() : $method->name;
        $parameters = array_map(self::parameter(...), $method->getParameters());
        $returns = $method->hasReturnType() ? ': ' . self::short((string) $method->getReturnType()) : '';
        $signature = ($method->isStatic() ? 'static ' : '') . $name . '(' . implode(', ', $parameters) . ')' . $returns;
        $comment = $method->getDocComment() ?: self::inherited($method);
        $where = $method->getDeclaringClass()->getShortName() . '::' . $method->name;
        [$text, $tags] = $this->comment($comment, $method->isConstructor() ? '' : $where);
        $lines = "- `$signature`\n" . ($text === '' ? '' : '  ' . str_replace("\n", "\n  ", $text) . "\n");
        foreach ($tags as [$tag, $rest]) {
            $lines .= match ($tag) {
                'param' => self::parameterLine($rest),
                'return' => self::returnLine($rest),
                'throws' => trim($rest) === 'UnderstudyException' ? '' : '  - throws ' . self::short($rest) . "\n",
                default => '',
            };
        }

        return $lines;
    }

    private static function returnLine(string $rest): string
    {
        // The type ends at the first space outside of all brackets.
        for ($end = $depth = 0; $end < \strlen($rest); ++$end) {
            $depth += \in_array($rest[$end], ['<', '{', '('], true) ? 1 : (\in_array($rest[$end], ['>', '}', ')'], true) ? -1 : 0);
            if ($rest[$end] === ' ' && $depth === 0 && $rest[$end - 1] !== ':') {
                break;
            }
        }

        return rtrim('  - returns `' . self::short(substr($rest, 0, $end)) . '` ' . trim(substr($rest, $end))) . "\n";
    }

    private static function parameterLine(string $rest): string
    {
        if (preg_match('/^(.+?) (\$\w+)(?: (.*))?$/', $rest, $match) !== 1) {
            return '';
        }

        return "  - `$match[2]` `" . self::short($match[1]) . '`' . (isset($match[3]) && $match[3] !== '' ? ' ' . $match[3] : '') . "\n";
    }

    private function record(\ReflectionClass $class): string
    {
        [$text] = $this->comment($class->getDocComment(), '');
        $lines = '## ' . $class->getShortName() . "\n\n" . ($text === '' ? '' : $text . "\n\n");
        [, $tags] = $this->comment($class->getConstructor()?->getDocComment() ?: false, '');
        $documented = [];
        foreach ($tags as [$tag, $rest]) {
            if ($tag === 'param' && preg_match('/^(.+?) \$(\w+)(?: (.*))?$/', $rest, $match) === 1) {
                $documented[$match[2]] = [$match[1], $match[3] ?? ''];
            }
        }
        foreach ($class->getConstructor()?->getParameters() ?? [] as $parameter) {
            if ($parameter->isPromoted()) {
                [$type, $about] = $documented[$parameter->name] ?? [(string) $parameter->getType(), ''];
                $lines .= '- `' . $parameter->name . '` `' . self::short($type) . '`' . ($about === '' ? '' : ' ' . $about) . "\n";
            }
        }

        return $lines . "\n";
    }

    private static function parameter(\ReflectionParameter $parameter): string
    {
        $default = '';
        if ($parameter->isDefaultValueAvailable()) {
            $value = $parameter->getDefaultValue();
            $default = ' = ' . match (true) {
                $value instanceof \UnitEnum => (new \ReflectionClass($value))->getShortName() . '::' . $value->name,
                $value === null => 'null',
                $value === [] => '[]',
                \is_float($value) && is_infinite($value) => 'INF',
                default => var_export($value, true),
            };
        }

        return trim(self::short((string) $parameter->getType()) . ' ' . ($parameter->isVariadic() ? '...' : '') . '$' . $parameter->name . $default);
    }

    /** Without namespaces. */
    private static function short(string $type): string
    {
        return trim((string) preg_replace('/\\\\?(?:\w+\\\\)+(\w+)/', '$1', $type), '\\');
    }

    /**
     * @return array{string, list<array{string, string}>} its text, and its tags with what stands behind them
     */
    private function comment(string|false $comment, string $of): array
    {
        $text = $comment === false ? '' : (string) preg_replace(['~^/\*\*~', '~\*/$~', '~^\s*\* ?~m'], '', $comment);
        $parts = preg_split('/^\s*@(?=(?:param|return|throws|template|internal|phpstan|deprecated|var)\b)/m', $text) ?: [''];
        $about = trim(array_shift($parts));
        if ($about === '' && $of !== '') {
            $this->missing[] = $of;
        }
        $tags = [];
        foreach ($parts as $part) {
            [$tag, $rest] = preg_split('/\s+/', trim($part), 2) + [1 => ''];
            $tags[] = [$tag, trim((string) preg_replace('/\s+/', ' ', $rest))];
        }
        // An indented example is code.
        $about = (string) preg_replace('/(?:^ {4}.*\n?)+/m', "```php\n$0```", $about . "\n");
        $about = (string) preg_replace_callback('/```php\n(.*?)```/s', static fn (array $code): string => "```php\n" . preg_replace('/^ {4}/m', '', rtrim($code[1])) . "\n```", $about);

        return [trim($about), $tags];
    }

    private static function isInternal(\ReflectionMethod $method): bool
    {
        return str_contains((string) $method->getDocComment(), '@internal');
    }

    private static function inherited(\ReflectionMethod $method): string|false
    {
        $class = $method->getDeclaringClass();
        foreach ([...array_filter([$class->getParentClass() ?: null]), ...array_values($class->getInterfaces())] as $above) {
            if ($above->hasMethod($method->name) && $above->getMethod($method->name)->getDocComment() !== false) {
                return $above->getMethod($method->name)->getDocComment();
            }
        }

        return $method->getDeclaringClass()->implementsInterface(\JsonSerializable::class) && $method->name === 'jsonSerialize'
            ? '/** Called by json_encode(). */' : false;
    }

    /** @return list<string> classes of a folder, in order */
    private static function in(string $folder, string ...$without): array
    {
        $names = [];
        foreach (glob(__DIR__ . "/../src/$folder/*.php") ?: [] as $file) {
            $name = basename($file, '.php');
            if (!\in_array($name, $without, true)) {
                $names[] = $folder . '\\' . $name;
            }
        }
        sort($names);

        return $names;
    }
}

$reference = new Reference();
$page = (string) preg_replace("/\n{3,}/", "\n\n", rtrim($reference->page()) . "\n");
$file = __DIR__ . '/../REFERENCE.md';
if ($reference->missing !== []) {
    fwrite(STDERR, 'no comment: ' . implode(', ', $reference->missing) . "\n");
    exit(1);
}
if (\in_array('--check', $argv, true)) {
    if (!is_file($file) || file_get_contents($file) !== $page) {
        fwrite(STDERR, "REFERENCE.md is stale; run: php scripts/reference.php\n");
        exit(1);
    }
} else {
    file_put_contents($file, $page);
}
echo substr_count($page, "\n## "), " classes\n";
