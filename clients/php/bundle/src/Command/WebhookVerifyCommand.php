<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Secret;
use Understudy\Client\Webhook\Verifier;

#[AsCommand('understudy:webhook:verify', 'Says whether a delivery that was logged is one under the configured secrets, and if not, why')]
final class WebhookVerifyCommand extends Command
{
    /** @var list<Secret> dumps do not show them */
    private readonly array $secrets;

    /** @param list<string> $secrets */
    public function __construct(
        #[\SensitiveParameter]
        array $secrets,
        private readonly int $tolerance,
    ) {
        $this->secrets = array_map(static fn (mixed $secret): Secret => new Secret((string) $secret), array_values($secrets));
        parent::__construct();
    }

    protected function configure(): void
    {
        $this
            ->addArgument('file', InputArgument::REQUIRED, 'The body, byte for byte; - for standard input')
            ->addOption('id', null, InputOption::VALUE_REQUIRED, 'Header webhook-id')
            ->addOption('timestamp', null, InputOption::VALUE_REQUIRED, 'Header webhook-timestamp')
            ->addOption('signature', null, InputOption::VALUE_REQUIRED, 'Header webhook-signature')
            ->addOption('any-age', null, InputOption::VALUE_NONE, 'Accept what was sent long ago');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $io = new SymfonyStyle($input, $output);
        $file = $input->getArgument('file');
        if ($file !== '-' && !is_file($file)) {
            $io->error(sprintf('There is no file "%s".', $file));

            return self::INVALID;
        }
        $body = (string) file_get_contents($file === '-' ? 'php://stdin' : $file);
        $headers = array_filter([
            'webhook-id' => $input->getOption('id'),
            'webhook-timestamp' => $input->getOption('timestamp'),
            'webhook-signature' => $input->getOption('signature'),
        ], static fn (mixed $value): bool => \is_string($value));
        $tolerance = $input->getOption('any-age') ? 100 * 365 * 86400 : $this->tolerance;
        try {
            $event = (new Verifier(array_map(static fn (Secret $secret): string => $secret->reveal(), $this->secrets), $tolerance))->verify($body, $headers)->event;
        } catch (InvalidWebhook $invalid) {
            $io->error(sprintf('%s: %s', $invalid->reason, $invalid->getMessage()));

            return self::FAILURE;
        } catch (\InvalidArgumentException $misconfigured) {
            $io->error($misconfigured->getMessage());

            return self::INVALID;
        }
        $io->success(sprintf('%s %s, about %s', $event->type, $event->id, $event->subject));

        return self::SUCCESS;
    }
}
